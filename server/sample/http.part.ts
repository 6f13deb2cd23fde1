import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listeningPart, type Part } from './part.ts';

const page = `<!doctype html>
<html lang="en">
<title>Corner shop</title>
<h1>Corner shop</h1>
<p>Sample target of Troth: open for business.</p>
</html>
`;

/** A page at `/` and a health report at `/health`. */
export const httpPart = (port: number): Part => listeningPart(() => createServer(answer), port);

function answer({ url }: IncomingMessage, response: ServerResponse): void {
  if (url === '/') response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  else if (url === '/health') {
    const report = { status: 'ok', orders: { waiting: 0 }, uptimeSeconds: Math.floor(process.uptime()) };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(report));
  } else response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
}

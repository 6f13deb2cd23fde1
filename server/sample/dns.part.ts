import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { AUTHORITATIVE_ANSWER, decode, encode, type Answer, type Packet } from 'dns-packet';
import { listeningPart, sampleHost, sampleName, type Part } from './part.ts';

const nameErrorCode = 3;
const zone: readonly Answer[] = [
  { name: sampleName, type: 'A', ttl: 60, data: '192.0.2.10' },
  { name: sampleName, type: 'TXT', ttl: 60, data: 'open for business' },
];

/** Answers with authority for one name, over UDP and TCP on the same port. */
export function dnsPart(port: number): Part {
  const tcp = listeningPart(() => createServer(answerStream), port);
  let udp: UdpSocket | undefined;
  return {
    async start() {
      await tcp.start();
      udp = createSocket('udp4');
      udp.on('message', (query, from) => {
        const reply = replyTo(query);
        if (reply) udp?.send(reply, from.port, from.address);
      });
      udp.bind(port, sampleHost);
      await once(udp, 'listening');
    },
    async stop() {
      udp?.close();
      udp = undefined;
      await tcp.stop();
    },
  };
}

/** Messages over TCP carry their length before them. */
function answerStream(socket: Socket): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const reply = replyTo(received.subarray(2, end));
      received = received.subarray(end);
      if (!reply) {
        socket.destroy();
        return;
      }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}

/** Null for what is not a query. */
function replyTo(message: Buffer): Buffer | null {
  let query: Packet;
  try {
    query = decode(message);
  } catch {
    return null;
  }
  const [question] = query.questions ?? [];
  if (query.type !== 'query' || !question) return null;
  const name = question.name.toLowerCase();
  return encode({
    type: 'response',
    id: query.id!,
    flags: AUTHORITATIVE_ANSWER | (name === sampleName ? 0 : nameErrorCode),
    questions: [question],
    answers: zone.filter((one) => one.name === name && one.type === question.type),
  });
}

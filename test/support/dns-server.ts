import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { decode, encode, type DecodedPacket, type Packet } from 'dns-packet';

type Transport = 'udp' | 'tcp';
/** The packets that a query is answered with, in their order; none for silence. */
type Answering = (query: DecodedPacket, transport: Transport) => (Packet | Buffer)[];

export interface DnsServer {
  port: number;
  /** The queries that came, with the transport of each. */
  queries: { transport: Transport; query: DecodedPacket }[];
  stop(): Promise<void>;
}

/** A DNS server on 127.0.0.1, on one port over UDP and TCP. */
export async function startDnsServer(answering: Answering): Promise<DnsServer> {
  const queries: DnsServer['queries'] = [];
  const answersTo = (message: Buffer, transport: Transport): Buffer[] => {
    const query = decode(message);
    queries.push({ transport, query });
    return answering(query, transport).map((one) => (Buffer.isBuffer(one) ? one : encode(one)));
  };
  const connections = new Set<Socket>();
  const tcp = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('data', (message: Buffer) => {
      const answers = answersTo(message.subarray(2), 'tcp');
      // In two writes, so that a reader has to put the message together.
      for (const answer of answers) {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(length);
        setImmediate(() => socket.end(answer));
      }
    });
  }).listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4').bind(port, '127.0.0.1');
  await once(udp, 'listening');
  udp.on('message', (message: Buffer, from: RemoteInfo) => {
    for (const answer of answersTo(message, 'udp')) udp.send(answer, from.port, from.address);
  });
  return {
    port,
    queries,
    stop: async () => {
      for (const socket of connections) socket.destroy();
      tcp.close();
      udp.close();
      await Promise.all([once(tcp, 'close'), once(udp, 'close')]);
    },
  };
}

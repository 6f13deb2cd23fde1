import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { decode, encode, streamEncode, type DecodedPacket, type Packet, type Question } from 'dns-packet';
import { ProbeFailure, type RunContext } from '../contract.ts';
import { endpointText } from '../support/address-guard.ts';
import { dial } from '../support/dial.ts';
import { probeFailure } from '../support/reason.ts';

/** An answer with its response code, which the types of dns-packet leave out. */
export type DnsAnswer = DecodedPacket & { rcode: string };

export interface Exchange {
  /** The query, with a random id and one question. */
  query: Packet & { id: number; questions: [Question] };
  /** An IP address. Over UDP the guard must have let it pass; over TCP it is asked again. */
  address: string;
  port: number;
  context: RunContext;
}

/**
 * Asks once over UDP; null when the answer was cut short and has to be asked for over TCP. What is not an answer to
 * this very query is passed over. Throws a ProbeFailure.
 */
export async function askOverUdp({ query, address, port, context }: Exchange): Promise<DnsAnswer | null> {
  const { signal, timeoutMs } = context;
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
  let cutOff = () => {};
  try {
    return await new Promise((resolve, reject) => {
      cutOff = () =>
        reject(new ProbeFailure('timeout', `${endpointText(address, port)} did not answer within ${timeoutMs} ms`));
      if (signal.aborted) return cutOff();
      signal.addEventListener('abort', cutOff, { once: true });
      socket.on('error', (error) => reject(probeFailure(error, `${endpointText(address, port)}: `)));
      socket.on('message', (message) => {
        if (!isReply(query.id, message)) return;
        if (isTruncated(message)) return resolve(null);
        try {
          const answer = answerTo(query, message);
          if (answer) resolve(answer);
        } catch (error) {
          reject(error);
        }
      });
      // Connected, the socket takes packets of this peer alone and hears when nothing listens there.
      socket.connect(port, address, () => socket.send(encode(query)));
    });
  } finally {
    signal.removeEventListener('abort', cutOff);
    socket.close();
  }
}

/** Asks once over TCP. Throws a ProbeFailure. */
export async function askOverTcp({ query, address, port, context }: Exchange): Promise<DnsAnswer> {
  const { socket } = await dial({ host: address, port, context });
  try {
    socket.write(streamEncode(query));
    const message = await readMessage(socket);
    const answer = isReply(query.id, message) && answerTo(query, message);
    if (!answer) throw new ProbeFailure('protocol-error', 'the answer is to another question');
    return answer;
  } catch (error) {
    throw probeFailure(error, `${endpointText(address, port)}: `);
  } finally {
    socket.destroy();
  }
}

/** One message of a stream, where two bytes of length stand before it. */
async function readMessage(socket: AsyncIterable<Buffer>): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk]);
    if (received.length >= 2 && received.length >= 2 + received.readUInt16BE())
      return received.subarray(2, 2 + received.readUInt16BE());
  }
  throw new ProbeFailure('connection-closed', `the server closed the connection after ${received.length} bytes`);
}

const headerLength = 12;
const isReply = (id: number, message: Buffer): boolean =>
  message.length >= headerLength && message.readUInt16BE(0) === id && (message[2]! & 0x80) !== 0;
const isTruncated = (message: Buffer): boolean => (message[2]! & 0x02) !== 0;

/** The decoded message, or null where it answers another question. Throws a ProbeFailure where it cannot be decoded. */
function answerTo(query: Exchange['query'], message: Buffer): DnsAnswer | null {
  let answer: DnsAnswer;
  try {
    answer = decode(message) as DnsAnswer;
  } catch (error) {
    throw new ProbeFailure('protocol-error', `the answer cannot be decoded: ${(error as Error).message}`);
  }
  const [asked] = query.questions;
  const [question] = answer.questions ?? [];
  // A server that refuses a query may leave the question out.
  if (!question) return answer.rcode === 'NOERROR' ? null : answer;
  return question.type === asked.type && question.name.toLowerCase() === asked.name.toLowerCase() ? answer : null;
}

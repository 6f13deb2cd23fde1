import { promisify, TextDecoder } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { ProbeFailure } from '../contract.ts';
import { bodyLimit, type HttpAnswer } from './http-answer.ts';

const bounded = { maxOutputLength: bodyLimit };
const decoders: Record<string, (body: Buffer) => Promise<Buffer>> = {
  gzip: (body) => promisify(gunzip)(body, bounded),
  br: (body) => promisify(brotliDecompress)(body, bounded),
  // Many servers send deflate without the zlib header that RFC 9110 asks for.
  deflate: (body) => promisify(hasZlibHeader(body) ? inflate : inflateRaw)(body, bounded),
  identity: async (body) => body,
};
decoders['x-gzip'] = decoders['gzip']!;

const hasZlibHeader = (body: Buffer): boolean =>
  body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0;

/** The body as text, decoded. Throws a ProbeFailure when it is larger than 1 MiB or does not decode. */
export async function bodyText(answer: HttpAnswer): Promise<string> {
  if (answer.isCut) throw tooLarge();
  const encodings = (answer.header('content-encoding') ?? '').toLowerCase().split(',');
  let { body } = answer;
  for (const encoding of encodings.map((one) => one.trim()).toReversed()) {
    if (encoding !== '' && body.length > 0) body = await decode(body, encoding);
  }
  if (body.length > bodyLimit) throw tooLarge();
  return decoderOf(answer.header('content-type')).decode(body);
}

async function decode(body: Buffer, encoding: string): Promise<Buffer> {
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (decoder === undefined) {
    throw new ProbeFailure('body-undecodable', `the content encoding ${encoding.slice(0, 40)} is not known`);
  }
  try {
    return await decoder(body);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new ProbeFailure('body-undecodable', `${encoding}: ${message}`);
  }
}

const tooLarge = () => new ProbeFailure('body-too-large', 'expectations of a body need one of at most 1 MiB, decoded');

const utf8 = new TextDecoder();
function decoderOf(contentType: string | undefined): TextDecoder {
  const [, label] = /charset\s*=\s*"?([\w:.-]+)/i.exec(contentType ?? '') ?? [];
  if (label === undefined || /^utf-?8$/i.test(label)) return utf8;
  try {
    return new TextDecoder(label);
  } catch {
    return utf8;
  }
}

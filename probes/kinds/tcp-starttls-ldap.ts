/** StartTLS of RFC 4511, 4.14: an extended request with message id 1. */
export const ldapStartTlsRequest = Buffer.concat([
  Buffer.from([0x30, 0x1d, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16]),
  Buffer.from('1.3.6.1.4.1.1466.20037', 'ascii'),
]);

const extendedResponse = 0x78;
const enumerated = 0x0a;

/**
 * The result code of an extended response (0 is success); undefined while it is incomplete, null where it is none
 * or where more follows it.
 */
export function ldapResultCode(bytes: Buffer): number | null | undefined {
  if (bytes.length > 0 && bytes[0] !== 0x30) return null;
  const message = berElement(bytes, 0);
  if (!message) return message;
  if (message.end !== bytes.length) return null;
  const id = berElement(bytes, message.start);
  const response = id && berElement(bytes, id.end);
  const code = response && berElement(bytes, response.start);
  if (!code || response.tag !== extendedResponse || code.tag !== enumerated) return null;
  return bytes[code.start] ?? null;
}

/** Where the content of a BER element begins and ends; undefined while it is incomplete, null where it is none. */
function berElement(bytes: Buffer, at: number): { tag: number; start: number; end: number } | null | undefined {
  const [tag, first] = bytes.subarray(at);
  if (tag === undefined || first === undefined) return undefined;
  // Long forms count the bytes of their length; servers such as Active Directory always take four.
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) return null;
  const start = at + 2 + lengthBytes;
  if (bytes.length < start) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  return bytes.length < start + length ? undefined : { tag, start, end: start + length };
}

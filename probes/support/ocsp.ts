import type { X509Certificate } from 'node:crypto';
import { BasicOCSPResponse, OCSPResponse } from '@peculiar/asn1-ocsp';
import { AsnConvert } from '@peculiar/asn1-schema';

const rememberedResponses = 200;
const remembered = new Map<string, Date | null>();

/**
 * When the stapled OCSP response says that the certificate was revoked; null where it does not or cannot be read.
 * Its signature is not checked: the server itself sent it, and none would speak against itself.
 */
export function revocationOf(stapled: Buffer, certificate: X509Certificate): Date | null {
  // Servers staple the same response for days.
  const name = certificate.fingerprint256 + stapled.toString('latin1');
  let revoked = remembered.get(name);
  if (revoked === undefined) {
    if (remembered.size >= rememberedResponses) remembered.clear();
    remembered.set(name, (revoked = readRevocation(stapled, certificate)));
  }
  return revoked;
}

function readRevocation(stapled: Buffer, certificate: X509Certificate): Date | null {
  const serial = BigInt(`0x${certificate.serialNumber}`);
  const own = responsesOf(stapled).find(
    ({ certID }) => BigInt(`0x${Buffer.from(certID.serialNumber).toString('hex')}`) === serial,
  );
  return own?.certStatus.revoked?.revocationTime ?? null;
}

function responsesOf(stapled: Buffer) {
  try {
    const { responseBytes } = AsnConvert.parse(stapled, OCSPResponse);
    if (responseBytes === undefined) return [];
    return AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse).tbsResponseData.responses;
  } catch {
    return [];
  }
}

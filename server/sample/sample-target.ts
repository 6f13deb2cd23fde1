import { once } from 'node:events';
import { dnsPart } from './dns.part.ts';
import { HeartbeatPart } from './heartbeat.part.ts';
import { httpPart } from './http.part.ts';
import { sampleHost } from './part.ts';
import { sampleCertificates } from './sample-certificates.ts';
import { controlServer, Switchboard } from './sample-control.ts';
import { partNames, sampleFolder, type SampleSettings } from './sample-settings.ts';
import { tcpPart } from './tcp.part.ts';
import { tlsPart } from './tls.part.ts';

export interface SampleTarget {
  /** PEM of the authority that signed the certificate of the part `tls`. */
  ca: string;
  /** Tells where the heartbeat goes. */
  sendHeartbeatTo(url: string): void;
  stop(): Promise<void>;
}

/** Starts every part of the sample target and its switches. @throws Error when a port is taken */
export async function startSampleTarget(dataFolder: string, settings: SampleSettings): Promise<SampleTarget> {
  const { ports, token } = settings;
  const { ca, cert, key } = await sampleCertificates(sampleFolder(dataFolder));
  const heartbeat = new HeartbeatPart();
  const switchboard = new Switchboard({
    http: httpPart(ports.http),
    tcp: tcpPart(ports.tcp),
    tls: tlsPart(ports.tls, { cert, key }),
    dns: dnsPart(ports.dns),
    heartbeat,
  });
  for (const name of partNames) await switchboard.set(name, 'running');
  const control = controlServer(switchboard, token).listen(ports.control, sampleHost);
  await once(control, 'listening');
  return {
    ca,
    sendHeartbeatTo: (url) => heartbeat.sendTo(url),
    stop: async () => {
      control.close();
      control.closeAllConnections();
      for (const name of partNames) await switchboard.set(name, 'stopped');
    },
  };
}

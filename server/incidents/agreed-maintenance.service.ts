import { Injectable } from '@nestjs/common';
import { MaintenanceService } from '../catalog/maintenance.service.ts';
import { isInTime, type AnnouncedWindow } from '../domain/excused-maintenance.ts';
import { IncidentTermsService, type HeldText } from './incident-terms.service.ts';
import { servicesOf } from '../agreements/agreements.service.ts';

/** Maintenance that those who wait for a service agreed to: of an outage that begins in it nobody is told. */
@Injectable()
export class AgreedMaintenanceService {
  constructor(
    readonly maintenance: MaintenanceService,
    readonly terms: IncidentTermsService,
  ) {}

  /** By service until when a window covers it that runs at these instants; those that none covers are left out. */
  async coveredUntil(
    services: readonly { readonly id: number; readonly key: string; readonly atMs: number }[],
  ): Promise<Map<number, number>> {
    const times = services.map(({ atMs }) => atMs);
    const ids = services.map(({ id }) => id);
    const windows = await this.maintenance.windows(ids, Math.min(...times), Math.max(...times) + 1);
    if (windows.size === 0) return new Map();
    const keys = services.filter(({ id }) => windows.has(id)).map(({ key }) => key);
    const held = await this.terms.held(keys, { fromMs: Math.min(...times), toMs: Math.max(...times) + 1 });
    const texts = held.map((all) => all.at(-1)!);
    return new Map(
      services.flatMap(({ id, key, atMs }) => {
        const about = texts.filter(({ terms }) => servicesOf(terms).includes(key));
        const covering = (windows.get(id) ?? []).filter(
          (window) => window.fromMs <= atMs && atMs < window.toMs && isAgreed(window, about),
        );
        return covering.length > 0 ? [[id, Math.max(...covering.map(({ toMs }) => toMs))] as const] : [];
      }),
    );
  }
}

/** Announced in time for all agreements about the service; without any, before it began. */
const isAgreed = (window: AnnouncedWindow, about: readonly HeldText[]): boolean =>
  about.length === 0
    ? isInTime(window, { noticeMs: 0, countsDeclared: true })
    : about.every(({ terms, basis }) =>
        isInTime(window, { noticeMs: terms.counting.maintenanceNotice, countsDeclared: basis !== 'signed' }),
      );

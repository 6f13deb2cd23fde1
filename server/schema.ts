import { ApiTokenEntity } from './access/api-token.entity.ts';
import { UserEntity } from './access/user.entity.ts';
import { CalendarEntity } from './catalog/calendar.entity.ts';
import { LocationEntity } from './catalog/location.entity.ts';
import { MaintenanceEntity } from './catalog/maintenance.entity.ts';
import { ProbeEntity } from './catalog/probe.entity.ts';
import { ServiceEntity } from './catalog/service.entity.ts';
import { TeamEntity } from './catalog/team.entity.ts';
import { BoardEntity } from './live/board.entity.ts';
import { Catalog1760000000001 } from './migrations/1760000000001-catalog.ts';
import { Access1760000000002 } from './migrations/1760000000002-access.ts';
import { Probing1760000000003 } from './migrations/1760000000003-probing.ts';
import { Live1760000000004 } from './migrations/1760000000004-live.ts';
import { DirtyMarks1760000000005 } from './migrations/1760000000005-dirty-marks.ts';
import { Boards1760000000006 } from './migrations/1760000000006-boards.ts';
import { Upkeep1760000000008 } from './migrations/1760000000008-upkeep.ts';
import { Changes1760000000009 } from './migrations/1760000000009-changes.ts';
import { Calendars1760000000010 } from './migrations/1760000000010-calendars.ts';
import { Agreements1760000000011 } from './migrations/1760000000011-agreements.ts';
import { Incidents1760000000012 } from './migrations/1760000000012-incidents.ts';
import { Metrics1760000000013 } from './migrations/1760000000013-metrics.ts';
import { AgreementLife1760000000014 } from './migrations/1760000000014-agreement-life.ts';
import { Reports1760000000015 } from './migrations/1760000000015-reports.ts';
import { Corrections1760000000016 } from './migrations/1760000000016-corrections.ts';
import { Consequences1760000000017 } from './migrations/1760000000017-consequences.ts';
import { RunningFigures1760000000018 } from './migrations/1760000000018-running-figures.ts';
import { DemoAndMails1760000000019 } from './migrations/1760000000019-demo-and-mails.ts';
import { RunningRevisions1760000000020 } from './migrations/1760000000020-running-revisions.ts';
import { HistoryImports1760000000021 } from './migrations/1760000000021-history-imports.ts';
import { RemindersAndFrameworks1760000000023 } from './migrations/1760000000023-reminders-and-frameworks.ts';
import { IncidentsWhole1760000000024 } from './migrations/1760000000024-incidents-whole.ts';
import { ChannelsAndDeliveries1760000000025 } from './migrations/1760000000025-channels-and-deliveries.ts';
import { OnCall1760000000026 } from './migrations/1760000000026-on-call.ts';
import { ReportClosings1760000000027 } from './migrations/1760000000027-report-closings.ts';
import { Alerts1760000000028 } from './migrations/1760000000028-alerts.ts';
import { ShiftNotes1760000000029 } from './migrations/1760000000029-shift-notes.ts';
import { AlertRetention1760000000031 } from './migrations/1760000000031-alert-retention.ts';
import type { Schema } from './platform/database.ts';

/** Everything that is stored: what people edit as entities, the rest by its migrations. */
export const schema: Schema = {
  entities: [
    TeamEntity,
    LocationEntity,
    CalendarEntity,
    ServiceEntity,
    ProbeEntity,
    MaintenanceEntity,
    UserEntity,
    ApiTokenEntity,
    BoardEntity,
  ],
  migrations: [
    Catalog1760000000001,
    Access1760000000002,
    Probing1760000000003,
    Live1760000000004,
    DirtyMarks1760000000005,
    Boards1760000000006,
    Upkeep1760000000008,
    Changes1760000000009,
    Calendars1760000000010,
    Agreements1760000000011,
    Incidents1760000000012,
    Metrics1760000000013,
    AgreementLife1760000000014,
    Reports1760000000015,
    Corrections1760000000016,
    Consequences1760000000017,
    RunningFigures1760000000018,
    DemoAndMails1760000000019,
    RunningRevisions1760000000020,
    HistoryImports1760000000021,
    RemindersAndFrameworks1760000000023,
    IncidentsWhole1760000000024,
    ChannelsAndDeliveries1760000000025,
    OnCall1760000000026,
    ReportClosings1760000000027,
    Alerts1760000000028,
    ShiftNotes1760000000029,
    AlertRetention1760000000031,
  ],
};

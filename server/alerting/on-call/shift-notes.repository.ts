import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database.ts';

export interface StoredShiftNote {
  id: number;
  text: string;
  by: string;
  at: Date;
}

const columns = 'id, text, by_name as "by", at';

/** What people on call noted. */
@Injectable()
export class ShiftNotesRepository {
  constructor(readonly database: Database) {}

  /** Those of [from, to), the oldest first. */
  within(scheduleId: number, from: Date, to: Date): Promise<StoredShiftNote[]> {
    return this.database.query(
      `select ${columns} from shift_notes where schedule_id = $1 and at >= $2 and at < $3 order by at, id`,
      [scheduleId, from, to],
    );
  }

  async insert(scheduleId: number, text: string, by: string): Promise<StoredShiftNote> {
    const [row] = await this.database.query<StoredShiftNote>(
      `insert into shift_notes (schedule_id, text, by_name) values ($1, $2, $3) returning ${columns}`,
      [scheduleId, text, by],
    );
    return row!;
  }

  /** When a schedule was made, ms. */
  async madeMs(scheduleId: number): Promise<number> {
    const [row] = await this.database.query<{ at: Date }>(
      'select created_at as at from on_call_schedules where id = $1',
      [scheduleId],
    );
    return row!.at.getTime();
  }
}

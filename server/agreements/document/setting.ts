/** One thing that an agreement sets. */

export interface Setting {
  /** The same in every version. */
  readonly id: string;
  readonly label: string;
  /** Empty where nothing is set. */
  readonly text: string;
}

export const setting = (id: string, label: string, text: string | null | undefined): Setting => ({
  id,
  label,
  text: text ?? '',
});

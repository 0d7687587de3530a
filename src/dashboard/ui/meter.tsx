export interface MeterProps {
  readonly label: string;
  readonly used: number;
  /** Undefined: there is no limit, so there is no bar. */
  readonly of: number | undefined;
  readonly text: string;
}

/** An amount and its limit, as a bar and in words. */
export function Meter({ label, used, of, text }: MeterProps) {
  const share = of === undefined ? 0 : used / of;
  return (
    <div class={share > 1 ? 'meter over' : 'meter'}>
      <span class="hidden">{label}: </span>
      {of !== undefined && (
        <div class="meter-bar" aria-hidden="true">
          <div style={{ width: `${Math.min(1, share) * 100}%` }} />
        </div>
      )}
      <span class="meter-text">{text}</span>
    </div>
  );
}

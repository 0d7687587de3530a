/** A small bar chart without axes. */
export function Bars({ values, label }: { values: readonly number[]; label: string }) {
  const most = Math.max(1, ...values);
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${values.length * 4} 32`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {values.map((value, index) => {
        const height = value === 0 ? 0.75 : Math.max(2, (value / most) * 32);
        return (
          <rect
            key={index}
            class={value === 0 ? 'zero' : ''}
            x={index * 4}
            y={32 - height}
            width="3"
            height={height}
          />
        );
      })}
    </svg>
  );
}

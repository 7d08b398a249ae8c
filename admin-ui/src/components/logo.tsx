import classes from "./logo.module.css";

/** The cord, its ring, and the flag that it hoists. */
export function LogoMark({ size = 24 }: { size?: number }) {
  return (
    <svg
      className={classes.mark}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      aria-hidden="true"
    >
      <circle cx="6" cy="3.9" r="2.4" stroke="currentColor" strokeWidth="1.8" />
      <path d="M6 6.4v15" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path className={classes.flag} d="M6.9 8.2h14.4l-3.7 4.3 3.7 4.3H6.9z" />
    </svg>
  );
}

export function Wordmark({ size = 24 }: { size?: number }) {
  return (
    <span className={classes.wordmark} style={{ fontSize: size * 0.86 }}>
      <LogoMark size={size} />
      lanyard
    </span>
  );
}

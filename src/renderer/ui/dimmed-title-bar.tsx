// A scrim reaches the system's window buttons too: the system paints behind them what the page calls its theme colour.

/** `--paper` under `--scrim`, solid: the system knows no transparency there. React puts these into the head and takes them away. */
const DIMMED = { light: '#c0bebc', dark: '#0e0d0c' };

/** Belongs beside every scrim, for as long as it lies there. */
export function DimmedTitleBar() {
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={DIMMED.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={DIMMED.dark} />
    </>
  );
}

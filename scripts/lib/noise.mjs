// What Chromium and the system's libraries print beside a window that works: told from what Hearth says itself.

/** As Chromium logs: `[4711:1201/103000.123456:ERROR:viz_main_impl.cc(196)] …`; in older and newer forms. */
const CHROMIUM = /^\[(?:\d+(?::\d+)?:)?\d{4}\/\d{6}(?:\.\d+)?:(?<level>[A-Z]+\d*):(?<place>[^\]]*)\]/;
/** Each by how its line begins. */
const LIBRARIES = [
  /^ALSA lib /,
  /^lib(?:va|EGL|GL)\b/,
  /^(?:MESA|MESA-LOADER|DRI3|pci id|glx)\b[^:]*:/,
  /^Fontconfig (?:warning|error)/,
  /^(?:\([^)]*:\d+\): )?(?:Gtk|Gdk|GLib|GLib-GObject|GLib-GIO|dconf|libnotify|atk-bridge)-?[A-Z]*(?:-Message|-WARNING|-CRITICAL| \*\*)?: /i,
  /^(?:Warning: )?vk(?:Create|Enumerate)\w*/,
  /^(?:Failed to connect to (?:the )?(?:bus|socket)|dbus\[\d+\])/,
  /^(?:Xlib|xcb|X connection)\b/,
];

/**
 * Whether a line says nothing to who wants to use Hearth. What ends the program, and what a page wrote to its console, is no
 * noise.
 */
export function isNoise(line) {
  const { level, place } = CHROMIUM.exec(line)?.groups ?? {};
  if (level !== undefined) return level !== 'FATAL' && !place.startsWith('CONSOLE');
  return LIBRARIES.some((one) => one.test(line));
}

/**
 * Cuts a stream into lines, and hands on those that are none of the noise.
 * @param {{ onLine: (line: string) => void, onNoise: (line: string) => void }} given
 */
export function createNoiseFilter({ onLine, onNoise }) {
  let rest = '';
  const take = (line) => (isNoise(line) ? onNoise(line) : onLine(line));
  return {
    write(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop();
      for (const line of lines) take(line);
    },
    /** What came without an end of line counts too. */
    end() {
      if (rest !== '') take(rest);
      rest = '';
    },
  };
}

// What `npm start` shows of its window: its own words and errors, none of Chromium's, and the exit code as it was.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createNoiseFilter, isNoise } from '../../../scripts/lib/noise.mjs';
import { repository, scratchFolder } from './support.ts';

const NOISE = [
  '[4711:1201/103000.123456:ERROR:viz_main_impl.cc(196)] Exiting GPU process due to errors during initialization',
  '[4711:1201/103000.123456:ERROR:object_proxy.cc(590)] Failed to call method: org.freedesktop.portal.Settings.Read',
  '[4711:1201/103000.123456:WARNING:sandbox_linux.cc(430)] InitializeSandbox() called with multiple threads',
  '[1201/103000.123456:ERROR:bus.cc(407)] Failed to connect to the bus: Could not parse server address',
  '[4711:1201/103000.123456:ERROR:dbus/bus.cc:408] Failed to connect to the bus',
  '[1201/103000:INFO:cpu_info.cc(53)] Available number of cores: 2',
  "ALSA lib confmisc.c:855:(parse_card) cannot find card '0'",
  'libva error: vaGetDriverNameByIndex() failed with unknown libva error',
  'libEGL warning: DRI3: Screen seems not DRI3 capable',
  'MESA-LOADER: failed to open swrast',
  'Fontconfig error: Cannot load default config file',
  '(electron:4711): Gtk-WARNING **: 10:30:00.123: Theme parsing error',
  'Gtk-Message: 10:30:00.123: Failed to load module "canberra-gtk-module"',
];
const OURS = [
  'Error: The history could not be opened',
  '    at open (file:///out/main/index.js:12:5)',
  'App threw an error during load',
  "Uncaught Exception: TypeError: Cannot read properties of undefined (reading 'x')",
  '(node:4711) UnhandledPromiseRejectionWarning: Error: x',
  '[4711:1201/103000.123456:FATAL:gpu_data_manager_impl_private.cc(448)] GPU process is not usable. Goodbye.',
  '[4711:1201/103000.123456:INFO:CONSOLE(12)] "Uncaught TypeError: x is not a function", source: app://hearth/main.js (12)',
  'error while loading shared libraries: libgtk-3.so.0: cannot open shared object file',
  '[vite] anything in brackets',
  '',
];

describe('noise', () => {
  it.each(NOISE)('%s', (line) => expect(isNoise(line)).toBe(true));
  it.each(OURS)('is not: %s', (line) => expect(isNoise(line)).toBe(false));

  it('is told line by line, wherever the bytes are cut', () => {
    const whole = `${[NOISE[0], OURS[0], NOISE[6]].join('\n')}\nlast words`;
    for (let at = 0; at <= whole.length; at += 1) {
      const [lines, noise]: [string[], string[]] = [[], []];
      const onLine = (line: string) => void lines.push(line);
      const filter = createNoiseFilter({ onLine, onNoise: (line: string) => void noise.push(line) });
      filter.write(whole.slice(0, at));
      filter.write(whole.slice(at));
      filter.end();
      expect([lines, noise]).toEqual([
        [OURS[0], 'last words'],
        [NOISE[0], NOISE[6]],
      ]);
    }
  });
});

/** Runs a stand-in for Electron, which is this program, as `npm start` runs the real one. */
function start(program: string, options: { isVerbose?: boolean } = {}) {
  const folder = scratchFolder();
  const file = path.join(folder, 'window.cjs');
  writeFileSync(file, program);
  const given = { executable: process.execPath, args: [file], isVerbose: options.isVerbose ?? false };
  const script = `import { runWindow } from ${JSON.stringify(path.join(repository, 'scripts/lib/window.mjs'))};
    process.exitCode = await runWindow({ ...${JSON.stringify(given)}, env: process.env });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (piece: string) => (said[name] += piece));
  const end = async () => {
    const [code] = (await once(child, 'close')) as [number];
    return { code, ...said };
  };
  return { child, said, end };
}
const noisy = NOISE.map((line) => `console.error(${JSON.stringify(line)});`).join('\n');
const OPEN = 'console.log("hearth:window-open");';

describe('the window', () => {
  it('is told as open, with how to end it; its noise is hidden, its own words and errors are not', async () => {
    const { code, stdout, stderr } = await start(`${noisy} ${OPEN}
      console.log('said'); console.error('Error: of Hearth'); ${noisy}`).end();
    expect(code).toBe(0);
    expect(stdout).toBe('said\n');
    expect(stderr.split('\n').toSorted()).toEqual([
      '',
      'Error: of Hearth',
      'hearth: Hearth is open. Close its window to end it.',
    ]);
  });

  it('with --verbose hides nothing', async () => {
    const { stderr } = await start(`${noisy} ${OPEN}`, { isVerbose: true }).end();
    for (const line of NOISE) expect(stderr).toContain(`${line}\n`);
  });

  it('that fails ends with its code, and then the noise is told: it may say why', async () => {
    const { code, stderr } = await start(`${noisy} process.exitCode = 7;`).end();
    expect(code).toBe(7);
    expect(stderr).toContain('hearth: Hearth ended with exit code 7. What was printed last:\n');
    expect(stderr).toContain(`  ${NOISE[0]}\n`);
  });

  it('that is in front of an older one says so', async () => {
    const { code, stderr } = await start('').end();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'hearth: Hearth was open already; its window is in front now.\n',
    });
  });

  it.skipIf(process.platform === 'win32')('ends with who started it, and says nothing more', async () => {
    const running = start(`process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1e6); ${OPEN}`);
    await vi.waitFor(() => expect(running.said.stderr).toContain('Hearth is open'), { timeout: 10_000 });
    running.child.kill('SIGTERM');
    expect(await running.end()).toMatchObject({ code: 5, stderr: expect.stringMatching(/^hearth: .*\n$/) });
  });
});

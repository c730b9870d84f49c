// An MLX backend with the stand-in server, on a Mac as far as it knows, in folders of its own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import type { Backend, ChatRequest } from '../../../src/main/backends/interface.ts';
import { createMlxEngine } from '../../../src/main/backends/mlx/index.ts';
import type { MlxLife, MlxOptions } from '../../../src/main/backends/mlx/mlx.ts';
import { openSettings, type SettingsStore } from '../../../src/main/settings/index.ts';
import { killLeft } from '../../support/processes.ts';
import { type ScriptedTime, scriptedTime } from '../../support/scripted-time.ts';
import { makeStandInMlx, mlxStarts, type StandInModel } from '../../support/stand-in-mlx/index.ts';

export interface MlxBench {
  folder: string;
  pidPath: string;
  program: string;
  settings: SettingsStore;
  time: ScriptedTime;
  mlx: MlxLife;
  backend: Backend;
  /** The processes of all starts so far. */
  pids(): number[];
  end(): Promise<void>;
}

export async function openMlxBench(
  model: StandInModel | null = 'stand-in/plain',
  { folder = mkdtempSync(path.join(tmpdir(), 'hearth-mlx-')), settings: patch = {}, ...given }: MlxBenchOptions = {},
): Promise<MlxBench> {
  const bin = path.join(folder, 'bin');
  const program = await makeStandInMlx(folder, bin);
  const settings = await openSettings({ folder });
  await settings.set({ ...patch, mlx: { model } });
  const time = scriptedTime();
  const pidPath = path.join(folder, 'mlx.pid');
  const env = { PATH: bin, HOME: folder };
  const place = { platform: 'darwin', arch: 'arm64' } as const;
  const mlx = createMlxEngine({ settings, env, pidPath, after: time.after, ...place, ...given });
  const pids = () => mlxStarts(folder).map(({ pid }) => pid);
  return {
    folder,
    pidPath,
    program,
    settings,
    time,
    mlx,
    backend: mlx.backend(),
    pids,
    async end() {
      await mlx.stop();
      killLeft(pids());
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface MlxBenchOptions extends Partial<Omit<MlxOptions, 'settings' | 'pidPath'>> {
  folder?: string;
  settings?: SettingsPatch;
}

export function ask(content: string, rest: Partial<ChatRequest> = {}): ChatRequest {
  return { model: null, messages: [{ role: 'user', content }], ...rest };
}

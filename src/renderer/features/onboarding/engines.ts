// The engines one can begin with, and taking the chosen one into use.
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { EngineStatus, InstallState, InstallStatus } from '../../../contract/engine.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { EngineUse, Settings } from '../../../contract/settings.ts';
import { asErrorInfo, getClient } from '../../lib/index.ts';
import { useEngine } from '../engine/index.ts';
import { saveSettings, useSettings } from '../settings/index.ts';

/** The user's Ollama, one that Hearth installs, or llama.cpp inside Hearth. */
export type EngineChoice = 'found' | 'own' | 'builtIn';

/** What is known when the page draws; each null until main has told. */
export interface Known {
  settings: Settings | null;
  backends: BackendsStatus | null;
  engine: EngineStatus | null;
  install: InstallStatus | null;
}

/** `unsought`: the settings use something else, so nobody looked. */
export type FoundState = 'looking' | 'found' | 'missing' | 'unsought';

export function foundState({ settings, backends }: Known): FoundState {
  const ollama = ollamaOf(backends);
  if (!settings || !ollama) return 'looking';
  if (settings.engine.use === 'own' || ollama.state === 'off') return 'unsought';
  if (ollama.state === 'checking' || ollama.state === 'starting') return 'looking';
  return ollama.state === 'unavailable' ? 'missing' : 'found';
}

export function ollamaOf(backends: BackendsStatus | null): BackendStatus | undefined {
  return backends?.backends.find(({ kind }) => kind === 'ollama');
}

const UNDER_WAY: readonly InstallState[] = ['looking', 'downloading', 'verifying', 'unpacking', 'testing'];

/** Whether an installation runs. */
export function isInstalling(install: InstallStatus | null): boolean {
  return install !== null && UNDER_WAY.includes(install.state);
}

/** Whether an installation was begun and has not come to its end, also one that stands still. */
export function isInstallOpen(install: InstallStatus | null): boolean {
  return isInstalling(install) || install?.state === 'paused' || install?.state === 'failed';
}

/** The choice to begin with: what was begun, what is in use, what needs no download. */
export function firstEngine(known: Known): EngineChoice {
  const { settings, install } = known;
  if (isInstallOpen(install)) return 'own';
  if (settings?.engine.use === 'own' && install?.installedVersion) return 'own';
  if (settings?.backend === 'llamacpp') return 'builtIn';
  if (foundState(known) !== 'missing') return 'found';
  return install?.offer ? 'own' : 'builtIn';
}

/** What came of taking an engine into use. */
export type Outcome = { type: 'ready'; hasModels: boolean } | { type: 'failed'; problem: ErrorInfo };

/** Uses the user's Ollama or Hearth's own, after starting it where that is needed. Never rejects. */
export async function takeOllama(use: EngineUse): Promise<Outcome> {
  const { settings } = useSettings.getState();
  const isOllamaAllowed = settings?.backend === 'auto' || settings?.backend === 'ollama';
  if (settings?.engine.use !== use || !isOllamaAllowed) {
    const problem = await saveSettings({ engine: { use }, ...(isOllamaAllowed ? {} : { backend: 'auto' as const }) });
    if (problem) return { type: 'failed', problem };
  }
  try {
    const { engine } = useEngine.getState();
    if (engine?.isHeld || engine?.state === 'failed') await getClient().engine.start();
    const backends = await getClient().backends.check();
    useSettings.setState({ backends });
    const ollama = ollamaOf(backends);
    if (ollama && ollama.state !== 'unavailable') return { type: 'ready', hasModels: ollama.models.length > 0 };
    return {
      type: 'failed',
      problem: ollama?.problem ?? asErrorInfo(new Error('there is no Ollama among the engines')),
    };
  } catch (error) {
    return { type: 'failed', problem: asErrorInfo(error) };
  }
}

/** Whether the built-in engine has a model already. */
export function hasModelFile(backends: BackendsStatus | null): boolean {
  return (backends?.backends.find(({ kind }) => kind === 'llamacpp')?.models.length ?? 0) > 0;
}

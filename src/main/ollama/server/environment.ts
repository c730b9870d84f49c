// What Ollama is told by its environment: the settings of the engine, laid over what Hearth itself was given.
import type { Settings } from '../../../contract/settings.ts';

export type EngineSettings = Settings['engine'];

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/**
 * The environment of `ollama serve`. What the settings leave to Ollama (null, `auto`) stays as the user's environment has it;
 * the address, OLLAMA_NOPRUNE and OLLAMA_NO_CLOUD are Hearth's own (why: docs/decisions/0010-supervision.md). The table of all
 * of them stands in this folder's README.
 */
export function serverEnvironment(
  given: NodeJS.ProcessEnv,
  engine: EngineSettings,
  platform: NodeJS.Platform,
): NodeJS.ProcessEnv {
  const chosen: Record<string, string | null> = {
    OLLAMA_MODELS: engine.modelsFolder,
    OLLAMA_CONTEXT_LENGTH: engine.contextLength?.toString() ?? null,
    OLLAMA_KEEP_ALIVE: keepAlive(engine.keepAliveMinutes),
    OLLAMA_NUM_PARALLEL: engine.parallel?.toString() ?? null,
    OLLAMA_FLASH_ATTENTION: { auto: null, on: '1', off: '0' }[engine.flashAttention],
    OLLAMA_KV_CACHE_TYPE: engine.kvCacheType === 'auto' ? null : engine.kvCacheType,
    OLLAMA_ORIGINS: engine.origins?.trim() ?? null,
    ...graphicsCards(engine.gpuDevices, platform),
    HTTPS_PROXY: engine.proxy,
    NO_PROXY: engine.proxy === null ? null : withLoopback(given.NO_PROXY ?? given.no_proxy ?? ''),
    OLLAMA_NO_CLOUD: engine.isCloudAllowed ? null : '1',
    OLLAMA_NOPRUNE: '1',
    OLLAMA_HOST: `${engine.isExposed ? '0.0.0.0' : '127.0.0.1'}:${engine.port}`,
  };
  const env = { ...given };
  for (const [name, value] of Object.entries(chosen)) if (value !== null) env[name] = value;
  return env;
}

/** How many questions a server with this environment answers at once. */
export function parallelOf(env: NodeJS.ProcessEnv): number {
  const parallel = Number(env.OLLAMA_NUM_PARALLEL);
  return Number.isInteger(parallel) && parallel > 0 ? parallel : 1;
}

function keepAlive(minutes: number | null): string | null {
  if (minutes === null) return null;
  return minutes > 0 ? `${minutes}m` : String(minutes);
}

/**
 * Every kind of card has a variable of its own, and macOS none. AMD's has two, one for each system: with both set the second
 * would count within what the first has left, and `1` would be no card at all.
 */
function graphicsCards(devices: string | null, platform: NodeJS.Platform): Record<string, string> {
  const list = devices?.replaceAll(/\s+/g, '') ?? '';
  if (list === '' || platform === 'darwin') return {};
  const amd = platform === 'win32' ? 'HIP_VISIBLE_DEVICES' : 'ROCR_VISIBLE_DEVICES';
  return { CUDA_VISIBLE_DEVICES: list, GGML_VK_VISIBLE_DEVICES: list, [amd]: list };
}

function withLoopback(hosts: string): string {
  const named = hosts.split(',').map((host) => host.trim());
  return [...new Set([...named, ...LOOPBACK])].filter((host) => host !== '').join(',');
}

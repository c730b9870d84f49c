// What the window knows that decides which remedies of a failed answer can work.
import { useState } from 'react';
import type { BackendStatus } from '../../../contract/backends.ts';
import type { AnswerSource, Message } from '../../../contract/conversations.ts';
import type { ErrorCode, ErrorInfo } from '../../../contract/errors.ts';
import type { ContextRoomInput, InstalledModel } from '../../../contract/models.ts';
import { isThisComputer, useNowMs } from '../../lib/index.ts';
import { useEngine } from '../engine/index.ts';
import { useDownload, useModels } from '../models/index.ts';
import { useSettings } from '../settings/index.ts';
import { failuresBefore } from './attempts.ts';
import { canAnswer, nextOf } from './choice.ts';
import { engineHere, type Known, type Place } from './remedy.ts';
import { waysFor } from './remedy-ways.ts';
import { useChatStore } from './store.ts';
import { currentChoice } from './store-state.ts';
import { useContextRoom } from './use-context-room.ts';
import { useSmallerModel } from './use-smaller-model.ts';

/** A new fact since the failure: what was missing is here. */
export type Mended = { type: 'arrived'; model: string } | { type: 'ready'; label: string };

export interface Failure {
  error: ErrorInfo;
  message: Pick<Message, 'id' | 'source' | 'settledAtMs' | 'createdAtMs' | 'versions'>;
  canGoOn: boolean;
}

const NO_MODELS: readonly InstalledModel[] = [];

/** @returns what is known, and what has changed for the better since the answer failed */
export function useKnown({ error, message, canGoOn }: Failure): { known: Known; mended: Mended | null } {
  const { source } = message;
  const status = useChatStore((state) => state.backends);
  const choice = useChatStore(currentChoice);
  const hasEarlier = useChatStore(({ order }) => order.indexOf(message.id) > 1);
  const attempt = useChatStore(({ attempts }) => attempts[message.id]);
  const models = useModels((state) => state.models?.installed) ?? NO_MODELS;
  const engine = useEngine((state) => state.engine?.state ?? null);
  const settings = useSettings((state) => state.settings);
  const sinceMs = message.settledAtMs ?? message.createdAtMs;
  const waitMs = useWait(error, sinceMs);

  const backends = status?.backends ?? [];
  const next = status === null ? null : nextOf(status, choice).backend;
  const backend = source === null ? (next?.kind === 'demo' ? null : next) : (listed(backends, source) ?? null);
  const place: Place = { kind: source?.kind ?? backend?.kind ?? null, host: (source ?? backend)?.host ?? null };
  const ollama = backends.find(({ id }) => id === 'ollama');
  // What another computer's Ollama has takes no memory here.
  const installed = ollama && !isThisComputer(ollama.host) ? models.filter((one) => one.engine !== 'ollama') : models;
  const isOn = (id: string) => backends.some((one) => one.id === id && one.state !== 'off');
  const failedEngine = engineHere(place);
  const isSmallerWanted = waysFor(error.code).includes('smallerModel') && failedEngine !== null;
  const smaller = useSmallerModel(
    isSmallerWanted && source?.model ? { name: source.model, engine: failedEngine } : null,
    installed.filter((one) => isOn(one.engine)),
  );
  const room = useContextRoom(roomQuestion(error, place));
  const mended = useMended({ error, source, backend, engine, sinceMs });

  return {
    mended,
    known: {
      place,
      model: source?.model ?? null,
      backend,
      others: readyOthers(backends, { backend, source }),
      installed,
      smaller,
      room,
      engine,
      settings,
      hasEarlier,
      canGoOn,
      waitMs,
      isMended: mended !== null,
      // What was pressed before this window opened is not known, but nearly always it was this.
      tried: attempt?.tried ?? (failuresBefore(message) > 0 ? ['again'] : []),
    },
  };
}

/** The backend of a source, as the list has it now. */
function listed(backends: readonly BackendStatus[], { kind, label, host }: AnswerSource): BackendStatus | undefined {
  const same = backends.filter((one) => one.kind === kind && one.label === label);
  return same.find((one) => one.host === host) ?? same[0];
}

function readyOthers(
  backends: readonly BackendStatus[],
  { backend, source }: { backend: BackendStatus | null; source: AnswerSource | null },
): BackendStatus[] {
  const wasAsked = ({ kind, label }: BackendStatus) =>
    source?.skipped.some((skipped) => skipped.kind === kind && skipped.label === label) ?? false;
  const ready = backends.filter((one) => one !== backend && one.kind !== 'demo' && isWell(one) && !wasAsked(one));
  // One that stands in for nobody may be asked by hand, after those that would have been.
  return [...ready.filter(({ standsIn }) => standsIn), ...ready.filter(({ standsIn }) => !standsIn)];
}

/** Whether it would answer now, and has something to answer with. */
function isWell(backend: BackendStatus): boolean {
  const { state, kind, models } = backend;
  const isUp = state === 'ready' || state === 'asleep';
  const hasModel = models.length > 0 || kind === 'query' || (kind === 'ollama' && state === 'asleep');
  return isUp && hasModel && canAnswer(backend);
}

/** Failures that a look at the backend sees too, so that it is well proves that they are over. */
const SEEN_BY_A_LOOK: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'no_model_installed',
  'no_model_file',
  'model_file_missing',
  'model_file_invalid',
  'no_backend',
  'backend_off',
  'backend_key_needed',
  'backend_key_refused',
  'secret_unreadable',
  'backend_not_known',
  'backend_redirects',
  'backend_login',
  'backend_gateway',
  'backend_no_chat',
  'backend_tls',
  'backend_html',
  'backend_unreachable',
  'backend_connect_timeout',
  'backend_no_answer',
  'mlx_unavailable',
  'engine_unavailable',
  'ollama_not_installed',
  'ollama_start_failed',
  'ollama_ended',
  'ollama_gave_up',
  'ollama_held',
  'engine_hung',
  'stream_cut',
]);

/** Failures of an Ollama that does not run: that it does is all there is to know. */
const NOT_RUNNING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ollama_start_failed',
  'ollama_gave_up',
  'ollama_held',
]);

function useMended({
  error,
  source,
  backend,
  engine,
  sinceMs,
}: {
  error: ErrorInfo;
  source: AnswerSource | null;
  backend: BackendStatus | null;
  engine: Known['engine'];
  sinceMs: number;
}): Mended | null {
  const missing =
    error.code === 'model_not_found' && typeof error.params.model === 'string' ? error.params.model : null;
  const download = useDownload(missing);
  // What the list says of one that was asked may be older than its failure, until it says that too.
  const isDown = source === null || backend?.state === 'unavailable' || backend?.state === 'off';
  const [wasDown, setWasDown] = useState(isDown);
  if (isDown && !wasDown) setWasDown(true);
  if (missing !== null && download?.state === 'done' && (download.finishedAtMs ?? 0) >= sinceMs)
    return { type: 'arrived', model: missing };
  if (NOT_RUNNING.has(error.code) && engine === 'ready') return { type: 'ready', label: backend?.label ?? 'Ollama' };
  if (!wasDown || backend === null || !isWell(backend) || !SEEN_BY_A_LOOK.has(error.code)) return null;
  return { type: 'ready', label: backend.label };
}

/** How long a server still wants to be left alone. */
function useWait({ code, params }: ErrorInfo, sinceMs: number): number {
  const askedMs = code === 'backend_wait' && typeof params.waitMs === 'number' ? params.waitMs : null;
  const nowMs = useNowMs(askedMs === null ? null : 1_000);
  return askedMs === null ? 0 : Math.max(0, sinceMs + askedMs - nowMs);
}

/** Where Hearth sets the limit: elsewhere the server's owner does. */
function roomQuestion({ code, params }: ErrorInfo, place: Place): ContextRoomInput | null {
  const { model, set, needed, context } = params;
  const engine = engineHere(place);
  if (code !== 'context_too_small' || engine === null || context === 'elsewhere' || context === 'said') return null;
  if (typeof model !== 'string' || typeof set !== 'number' || typeof needed !== 'number') return null;
  return { name: model, engine, setTokens: set, neededTokens: needed };
}

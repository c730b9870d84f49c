// A backend as the contract's cases see it, whatever engine stands behind it: what the engine can be told to do, and what cannot be.
import type { BackendAbility, BackendState } from '../../../../src/contract/backends.ts';
import type { ErrorCode } from '../../../../src/contract/errors.ts';
import type { Backend, ChatRequest, Limits } from '../../../../src/main/backends/interface.ts';

/** What the engine does with the questions that come. `before` and `after` are of its first word. */
export type Behaviour =
  /** Without `pieces` in words of its own choice, the same for the same question; `isCut`: as long as it may be. */
  | { does: 'answer'; pieces?: readonly string[]; thinking?: readonly string[]; splitBytes?: number; isCut?: boolean }
  /** Goes no further than this until the question is given up. */
  | { does: 'hold'; at: 'before' | 'after' }
  /** It works no more, without ending. */
  | { does: 'stall'; at: 'before' | 'after' }
  /** Reads its model for ever. */
  | { does: 'load' }
  /** An error instead of an answer; `said` is repeated in it. */
  | { does: 'refuse'; said?: string }
  /** An error after the first word. */
  | { does: 'fail'; said?: string }
  /** Its connection breaks, or its process is killed, after the first word. */
  | { does: 'die' }
  /** It ends in an orderly way after the first word, without its last one. */
  | { does: 'end' }
  /** Nobody is there. */
  | { does: 'absent' }
  /** Its process ends as soon as it is started. */
  | { does: 'unstartable' }
  /** Accepts a connection and never says anything, also to a look. */
  | { does: 'hang' }
  /** Says what is none of its language, also to a look. */
  | { does: 'garble' };
export type Trouble = Exclude<Behaviour['does'], 'answer' | 'hold'>;

export type CaseName =
  | 'streams an answer'
  | 'gives the same answer whole'
  | 'is stopped before the first token'
  | 'is stopped after the first token'
  | 'is left early'
  | 'asks nothing once it was stopped'
  | 'fails before the stream'
  | 'finds nobody there'
  | 'can’t start its process'
  | 'fails in the middle'
  | 'breaks off in the middle'
  | 'ends without its end'
  | 'does not connect in time'
  | 'does not begin in time'
  | 'falls silent'
  | 'loads for too long'
  | 'keeps characters that are split'
  | 'keeps a megabyte whole'
  | 'says that it was cut at its length'
  | 'goes on with an answer'
  | 'is stopped when it repeats itself'
  | 'answers a hundred at once'
  | 'looks without throwing'
  | 'tells what it is'
  | 'keeps secrets to itself'
  | 'has the abilities it claims';

export interface Conditions {
  /** Others are long enough for any computer. */
  limits?: Partial<Limits>;
  /** The user's key and the value of a header. */
  key?: string;
  /** Accepts TCP and never speaks TLS. */
  isDeaf?: boolean;
}

/** What to ask for the behaviour that was set, and what the answer is then. */
export interface Scripted {
  request: ChatRequest;
  /** Its text; null: whatever it says, or nothing. */
  text: string | null;
}

/** One backend with its engine. */
export interface Stage {
  readonly backend: Backend;
  /** For questions that come from now on. */
  script(behaviour: Behaviour): Promise<Scripted>;
  /** Makes what is to happen after the first word happen, where it does not by itself. */
  strike?(): void;
  /** Waits until a question is held or stalled before its first word. */
  reached(): Promise<void>;
  /** Fails unless the engine has seen that nobody waits for its last answer any more. */
  expectLeft(): void;
  /** A hundred questions come at once: what each of them is, and its only right answer. */
  many(count: number): Promise<Scripted[]>;
  /** The answer in what the backend gave. Default: as it is. */
  read?(text: string): string;
  /** How many requests have reached an engine, or processes were started for them. */
  asked(): number;
  /** Connections and processes there are now. */
  open(): number;
  /** Of `open`, how many may stay for the next question. */
  readonly kept: number;
  /** Ends what the backend runs. */
  stop(): Promise<void>;
}

export interface Subject {
  name: string;
  /** How sentences about its errors name it. */
  named: string;
  open(conditions?: Conditions): Promise<Stage>;
  codes: Partial<Record<Trouble, ErrorCode>>;
  /** The limits that a first token that does not come runs into. Default: `firstTokenMs`. */
  firstTokenLimits?: readonly (keyof Limits)[];
  /** What has been said before trouble in the middle; null: something. */
  firstWords: string | null;
  /** How a look finds it. */
  looks: readonly { when: Behaviour; state: BackendState; code: ErrorCode | null }[];
  /** Models of `models()`. */
  models: readonly string[];
  /** Shows that an ability is one, on a stage of its own or on the one that is there. */
  proofs: Partial<Record<BackendAbility, (stage: Stage) => Promise<void>>>;
  /** Why a case can't be. */
  notApplicable: Partial<Record<CaseName, string>>;
}

/** Long enough for any computer. */
export const PATIENT: Limits = { connectMs: 20_000, firstTokenMs: 25_000, loadMs: 25_000, silenceMs: 25_000 };

export const FIRST_WORDS = 'Hello';
export const PIECES = [FIRST_WORDS, ' there', '.'];

// The way to the rest of an answer that ended before its end, or why there is none.
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice, Message } from '../../../contract/conversations.ts';
import { canGoOn, isPartOf, writerOf } from '../../../contract/going-on.ts';
import { Button } from '../../ui/index.ts';
import { useSettings } from '../settings/index.ts';
import { modelWords } from './answer-footer.tsx';
import { canAnswer, mayAnswer, nextOf, type Rules } from './choice.ts';
import { currentChoice } from './store-state.ts';
import { useChatStore } from './store.ts';

/** Below a part of an answer. */
export function GoOn({ message, onGoOn }: { message: Message; onGoOn: () => void }) {
  const { t } = useTranslation('chat');
  const { can, words } = useGoingOn(message);
  return (
    <>
      {can ? (
        <Button className="go-on" size="sm" variant="ghost" onClick={onGoOn}>
          {t('cut.goOn')}
        </Button>
      ) : null}
      {words === null ? null : <span className="remedy-words">{words}</span>}
    </>
  );
}

/** Whether an answer can be carried on; in words, who would do it where that is not who wrote it, or why nobody can. */
export function useGoingOn(message: Message): { can: boolean; words: string | null } {
  const { t } = useTranslation('chat');
  const status = useChatStore((state) => state.backends);
  const choice = useChatStore(currentChoice);
  const rules = useSettings((state) => state.settings);
  if (!isPartOf(message)) return { can: false, words: null };
  if (!canGoOn(message)) {
    const { kind, label } = message.source ?? {};
    return { can: false, words: t(kind === 'query' ? 'goOn.query' : 'goOn.demo', { label }) };
  }
  const other = status === null ? null : otherWriter(message, { status, choice, rules }, t);
  if (other === NOBODY) return { can: false, words: t('goOn.nobody') };
  return { can: true, words: other === null ? null : t('goOn.other', { other }) };
}

const NOBODY = Symbol('nobody');

interface Where {
  status: BackendsStatus;
  choice: ChatChoice | null;
  rules: Rules;
}

/** Who goes on where that is somebody else than wrote it; null where it is the same. */
function otherWriter({ source }: Message, { status, choice, rules }: Where, t: TFunction<'chat'>) {
  if (source === null || writerOf(source, status)) return null;
  const able = mayAnswer(status, choice, rules).filter(({ kind }) => kind !== 'demo' && kind !== 'query');
  const next = nextOf(status, choice);
  const [standIn] = able.filter((one) => canAnswer(one));
  if (next.kind === source.kind && next.label === source.label && next.model === source.model) return null;
  if (next.backend !== null && able.includes(next.backend)) return modelWords(next, t);
  return standIn === undefined ? NOBODY : standIn.label;
}

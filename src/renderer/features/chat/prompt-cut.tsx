// Said under an answer whose engine did not read everything that was sent.
import { EyeOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/conversations.ts';
import { Note } from '../../ui/index.ts';

export function PromptCut({ source, usage }: Pick<Message, 'source' | 'usage'>) {
  const { t } = useTranslation('chat');
  if (!usage?.wasPromptCut) return null;
  // The built-in engine leaves out whole messages; a server cuts anywhere and tells only how much it read.
  const isByMessage = source?.kind === 'llamacpp' || usage.promptTokens === null;
  const words = isByMessage ? t('promptCut.messages') : t('promptCut.tokens', { tokens: usage.promptTokens });
  return (
    <Note icon={EyeOff}>
      {usage.contextTokens === undefined ? words : t('promptCut.context', { room: usage.contextTokens })}
    </Note>
  );
}

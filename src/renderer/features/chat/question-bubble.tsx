// What the reader asked: a bubble at the right, the text as it was typed.
import { useTranslation } from 'react-i18next';

export function QuestionBubble({ text, isPending = false }: { text: string; isPending?: boolean }) {
  const { t } = useTranslation('chat');
  return (
    <article className="msg user" aria-label={isPending ? t('question.sending') : t('question.name')}>
      <div className="bubble" dir="auto">
        {text}
      </div>
    </article>
  );
}

// Beside a question: its tone, as a model judged it, and which one did.
import { Info } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Emotion } from '../../../contract/conversations.ts';
import { IconButton } from '../../ui/index.ts';
import { sourceDetails } from './answer-details.tsx';
import { DetailList, DetailsPanel } from './details-list.tsx';

export function QuestionDetails({ emotion }: { emotion: Emotion }) {
  const { t } = useTranslation('chat');
  return (
    <DetailsPanel label={t('details.question')} details={<Tone emotion={emotion} />}>
      {(props) => <IconButton size="sm" icon={Info} label={t('details.question')} {...props} />}
    </DetailsPanel>
  );
}

function Tone({ emotion: { label, confidence, source } }: { emotion: Emotion }) {
  const { t } = useTranslation('chat');
  return (
    <>
      <h3>{t('details.question')}</h3>
      <DetailList
        details={[
          { name: t('details.tone'), value: t(`emotion.${label}`) },
          { name: t('details.confidence'), value: t('details.percent', { percent: Math.round(confidence * 100) }) },
        ]}
      />
      <h4>{t('details.judgedBy')}</h4>
      <DetailList details={sourceDetails(source, t)} />
    </>
  );
}

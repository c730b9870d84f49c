// Step 2 with the built-in engine: it reads a model from a file of one's own.
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { FileReport } from '../../../contract/models.ts';
import { asErrorInfo, bytesText, getClient } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { FitBadge } from '../models/index.ts';
import { Frame } from './frame.tsx';
import { MemoryNeed } from './memory-need.tsx';
import { StepFault } from './step-fault.tsx';
import { takeFile } from './take-file.ts';

export interface FileStepProps {
  onBack: () => void;
  onNext: (model: string) => void;
}

export function FileStep({ onBack, onNext }: FileStepProps) {
  const { t } = useTranslation('onboarding');
  const [report, setReport] = useState<FileReport | null>(null);
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  const attempt = async (run: () => Promise<ErrorInfo | null>) => {
    setIsBusy(true);
    setProblem(null);
    setProblem(await run().catch(asErrorInfo));
    setIsBusy(false);
  };
  const pick = () =>
    attempt(async () => {
      const { path } = await getClient().models.pickFile();
      if (path === null) return null;
      setReport(null);
      setReport(await getClient().models.inspectFile({ path }));
      return null;
    });
  const take = (file: FileReport) =>
    attempt(async () => {
      const failure = await takeFile(file);
      if (failure === null) onNext(file.suggestedName);
      return failure;
    });

  return (
    <Frame
      title={t('file.title')}
      sub={t('file.sub')}
      note={t('file.note')}
      secondary={
        <Button size="lg" variant="ghost" onClick={onBack}>
          {t('back')}
        </Button>
      }
      primary={
        report
          ? { label: t('file.use'), run: () => void take(report), isBusy }
          : { label: t('file.choose'), run: () => void pick(), isBusy }
      }
    >
      {report ? (
        <>
          <Picked report={report} />
          <div className="ob-more">
            <Button variant="ghost" icon={FolderOpen} onClick={() => void pick()}>
              {t('file.another')}
            </Button>
          </div>
        </>
      ) : (
        <p className="ob-empty">{t('file.where')}</p>
      )}
      <StepFault message={problem?.message} />
    </Frame>
  );
}

/** What the file says about itself. */
function Picked({ report }: { report: FileReport }) {
  const { architecture, parameters, quantization, sizeBytes, fit, path, suggestedName } = report;
  const facts = [architecture, parameters, quantization, bytesText(sizeBytes)].filter(Boolean).join(' · ');
  return (
    <div className="card ob-card ob-file">
      <span className="grow">
        <b data-tip={path}>
          {suggestedName}
          <FitBadge label={fit.label} />
        </b>
        <small className="num">{facts}</small>
      </span>
      <MemoryNeed fit={fit} />
    </div>
  );
}

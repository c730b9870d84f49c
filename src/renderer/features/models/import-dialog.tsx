// A model file of one's own: what it holds, which engine is to use it, and under which name.
import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileReport, ModelEngine } from '../../../contract/models.ts';
import { asErrorInfo, bytesText, getClient } from '../../lib/index.ts';
import { Button, Dialog, Fault, Field, OptionCards, Skeleton } from '../../ui/index.ts';
import { FitBadge } from './fit.tsx';
import { readModelName, tokensText } from './names.ts';

export interface ImportDialogProps {
  path: string;
  onClose: () => void;
  /** Chooses another file. */
  onOther: () => void;
}

export function ImportDialog({ path, onClose, onOther }: ImportDialogProps) {
  const { t } = useTranslation('models');
  const [report, setReport] = useState<FileReport | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [engine, setEngine] = useState<ModelEngine>('ollama');
  const [name, setName] = useState('');
  const [nameProblem, setNameProblem] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const inspect = async () => {
      try {
        const found = await getClient().models.inspectFile({ path }, { signal });
        if (signal.aborted) return;
        setReport(found);
        setName(found.suggestedName);
      } catch (error) {
        if (!signal.aborted) setRefusal(asErrorInfo(error).message);
      }
    };
    void inspect();
    return () => life.abort();
  }, [path]);

  /** The built-in engine takes a file as it is: there is no field for its name then. */
  const tellName = engine === 'ollama' ? setNameProblem : setProblem;
  const take = async (event: FormEvent) => {
    event.preventDefault();
    if (!report || isBusy) return;
    const wanted = engine === 'ollama' ? name.trim() : report.suggestedName;
    if (readModelName(wanted) === null) {
      tellName(t('import.nameInvalid'));
      return;
    }
    setIsBusy(true);
    setProblem(null);
    try {
      await getClient().models.importFile({ path: report.path, engine, name: wanted });
      onClose();
    } catch (error) {
      const { code, message } = asErrorInfo(error);
      if (code === 'model_exists' || code === 'model_name_invalid') tellName(message);
      else setProblem(message);
      setIsBusy(false);
    }
  };

  return (
    <Dialog
      title={t('import.title')}
      sub={fileName(path)}
      closeLabel={t('close')}
      onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t('cancel')}
          </Button>
          {refusal ? (
            <Button onClick={onOther} data-autofocus>
              {t('import.other')}
            </Button>
          ) : (
            <Button variant="primary" type="submit" form="import-file" isBusy={isBusy || report === null}>
              {t(engine === 'ollama' ? 'import.goOllama' : 'import.goBuiltIn')}
            </Button>
          )}
        </>
      }
    >
      {refusal ? <Fault role="alert">{refusal}</Fault> : null}
      {report === null && !refusal ? <Skeleton label={t('import.looking')} /> : null}
      {report ? (
        <form id="import-file" className="grid gap-4" onSubmit={(event) => void take(event)} noValidate>
          <Facts report={report} />
          <OptionCards
            label={t('import.engine')}
            value={engine}
            onChange={setEngine}
            options={[
              { value: 'ollama', title: t('import.ollama'), help: t('import.ollamaHelp') },
              { value: 'llamacpp', title: t('import.builtIn'), help: t('import.builtInHelp') },
            ]}
          />
          {engine === 'ollama' ? (
            <div>
              <label className="mb-1 block text-12 text-ink-3" htmlFor="import-name">
                {t('import.name')}
              </label>
              <Field
                id="import-name"
                value={name}
                error={nameProblem}
                onChange={(event) => {
                  setName(event.target.value);
                  setNameProblem(null);
                }}
              />
            </div>
          ) : null}
          {problem ? <Fault role="alert">{problem}</Fault> : null}
        </form>
      ) : null}
    </Dialog>
  );
}

function Facts({ report }: { report: FileReport }) {
  const { t } = useTranslation('models');
  const { architecture, parameters, quantization, contextLength, sizeBytes, fit } = report;
  const facts: [string, string | null][] = [
    [t('import.architecture'), architecture],
    [t('details.parameters'), parameters],
    [t('details.quantization'), quantization],
    [t('details.context'), contextLength === null ? null : t('details.tokens', { tokens: tokensText(contextLength) })],
    [t('import.size'), bytesText(sizeBytes)],
  ];
  const { needBytes, freeBytes } = fit;
  return (
    <dl className="kv">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd>{value ?? t('unknown')}</dd>
        </div>
      ))}
      <dt>{t('details.fit')}</dt>
      <dd>
        {needBytes === null ? null : (
          <span className="mr-2">{t('fit.short', { need: bytesText(needBytes), free: bytesText(freeBytes) })}</span>
        )}
        <FitBadge label={fit.label} />
      </dd>
    </dl>
  );
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

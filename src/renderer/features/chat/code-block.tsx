// A block of code: its language, a button to copy it, and the text as it is.
import { useTranslation } from 'react-i18next';
import { CopyButton } from './copy-button.tsx';

export interface CodeBlockProps {
  code: string;
  /** As the fence names it; empty when it does not. */
  language: string;
}

export function CodeBlock({ code, language }: CodeBlockProps) {
  const { t } = useTranslation('chat');
  const name = languageName(language) || t('code.plain');
  return (
    <div className="code" role="group" aria-label={t('code.region', { language: name })}>
      <div className="code-head">
        <span className="grow">{name}</span>
        <CopyButton
          text={() => code}
          label={t('code.copy')}
          copiedLabel={t('code.copied')}
          name={t('code.copyNamed')}
        />
      </div>
      <pre tabIndex={0} dir="ltr">
        <code>{code}</code>
      </pre>
    </div>
  );
}

/** The name that people use for a fence's language; an unknown one as it stands. */
export function languageName(language: string): string {
  return LANGUAGES.get(language.toLowerCase()) ?? language;
}

/** A map and no object: a model may write `__proto__` behind a fence. */
const LANGUAGES = new Map(
  Object.entries({
    bash: 'Bash',
    sh: 'Shell',
    shell: 'Shell',
    zsh: 'Shell',
    powershell: 'PowerShell',
    c: 'C',
    cpp: 'C++',
    'c++': 'C++',
    cs: 'C#',
    csharp: 'C#',
    css: 'CSS',
    diff: 'Diff',
    dockerfile: 'Dockerfile',
    go: 'Go',
    html: 'HTML',
    ini: 'INI',
    java: 'Java',
    javascript: 'JavaScript',
    js: 'JavaScript',
    json: 'JSON',
    jsx: 'JSX',
    kotlin: 'Kotlin',
    latex: 'LaTeX',
    lua: 'Lua',
    markdown: 'Markdown',
    md: 'Markdown',
    php: 'PHP',
    python: 'Python',
    py: 'Python',
    r: 'R',
    rb: 'Ruby',
    ruby: 'Ruby',
    rs: 'Rust',
    rust: 'Rust',
    sql: 'SQL',
    svg: 'SVG',
    swift: 'Swift',
    text: '',
    toml: 'TOML',
    ts: 'TypeScript',
    tsx: 'TSX',
    txt: '',
    typescript: 'TypeScript',
    xml: 'XML',
    yaml: 'YAML',
    yml: 'YAML',
  }),
);

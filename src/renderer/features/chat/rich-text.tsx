// Streamdown in a safe setting, loaded when the first answer is shown. What a model writes is hostile until proven otherwise.
import { ImageOff } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Children, isValidElement } from 'react';
import { useTranslation } from 'react-i18next';
import remarkCjkFriendly from 'remark-cjk-friendly';
import { defaultRehypePlugins, defaultRemarkPlugins, Streamdown } from 'streamdown';
import type { Components, StreamdownProps } from 'streamdown';
import { Icon } from '../../ui/index.ts';
import { CodeBlock } from './code-block.tsx';
import { addressEnds, BLOCKED_IMAGE, directions, lineBreaks, withoutImages } from './rich-text-plugins.ts';
import { originOf, safeHref } from './safe-links.ts';

export interface RichTextProps {
  text: string;
  isStreaming: boolean;
}

export default function RichText({ text, isStreaming }: RichTextProps) {
  return (
    <Streamdown
      {...SETTING}
      className={isStreaming ? 'prose is-streaming' : 'prose'}
      isAnimating={isStreaming}
      parseIncompleteMarkdown={isStreaming}
    >
      {text}
    </Streamdown>
  );
}

type Props<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & { node?: unknown };

function Link({ href, children }: Props<'a'>) {
  const safe = safeHref(href);
  if (safe === null) return <span>{children}</span>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer" data-tip={safe}>
      {children}
    </a>
  );
}

/** In place of every <img>: a picture from elsewhere would tell its host what is being talked about. */
function BlockedImage({ src, alt }: Record<string, unknown>) {
  const { t } = useTranslation('chat');
  const words = typeof alt === 'string' && alt !== '' ? t('markdown.image', { alt }) : t('markdown.imageUnnamed');
  const host = originOf(src);
  return (
    <span
      className="blocked-image"
      data-tip={host === null ? t('markdown.imageWhy') : t('markdown.imageFrom', { host })}
    >
      <Icon icon={ImageOff} size={14} />
      {words}
    </span>
  );
}

function Preformatted({ children }: Props<'pre'>) {
  const { className = '', children: code } = isValidElement<{ className?: string; children?: unknown }>(children)
    ? children.props
    : {};
  const language = /(?:^|\s)language-(\S+)/.exec(className)?.[1] ?? '';
  return <CodeBlock code={(typeof code === 'string' ? code : '').replace(/\n$/, '')} language={language} />;
}

function Table({ dir, children }: Props<'table'>) {
  const { t } = useTranslation('chat');
  return (
    <div className="tbl-scroll" role="group" aria-label={t('markdown.table')} tabIndex={0}>
      <table className="tbl" {...(dir ? { dir } : {})}>
        {children}
      </table>
    </div>
  );
}

/** The box of a task in a list: shows, can't be changed. */
function Task({ checked }: Props<'input'>) {
  const { t } = useTranslation('chat');
  const isDone = checked === true;
  return (
    <input
      type="checkbox"
      checked={isDone}
      readOnly
      disabled
      aria-label={t(isDone ? 'markdown.taskDone' : 'markdown.taskOpen')}
    />
  );
}

/** Counts from where the model began, also when a block of code stands between two halves of a list. */
function OrderedList({ start = 1, dir, children }: Props<'ol'>) {
  const items = Children.toArray(children).filter((child) => isValidElement(child)).length;
  const digits = String(start + items - 1).length;
  return (
    <ol start={start} {...(dir ? { dir } : {})} {...(digits > 2 ? { 'data-digits': Math.min(digits, 5) } : {})}>
      {children}
    </ol>
  );
}

/** A plain element without Streamdown's own classes, which would need its theme. */
function plain<Tag extends keyof React.JSX.IntrinsicElements>(tag: Tag) {
  const Element = tag as 'div';
  return function Plain({ node: _node, className: _className, ...rest }: Props<Tag>) {
    return <Element {...(rest as ComponentProps<'div'>)} />;
  };
}

const components: Components = {
  a: Link,
  [BLOCKED_IMAGE]: BlockedImage,
  pre: Preformatted,
  table: Table,
  // Headings of an answer stand below the title of the chat, in four steps that can be seen.
  h1: plain('h2'),
  h2: plain('h3'),
  h3: plain('h4'),
  h4: plain('h5'),
  h5: plain('h5'),
  h6: plain('h5'),
  p: plain('p'),
  code: plain('code'),
  strong: plain('strong'),
  ul: plain('ul'),
  ol: OrderedList,
  input: Task,
  li: plain('li'),
  hr: plain('hr'),
  blockquote: plain('blockquote'),
  thead: plain('thead'),
  tbody: plain('tbody'),
  tr: plain('tr'),
  th: plain('th'),
  td: plain('td'),
  sup: plain('sup'),
  sub: plain('sub'),
  section: plain('section'),
};

/** What may come out of Markdown at all; anything else is left out, its text stays. */
const ELEMENTS = [
  'p',
  'br',
  'hr',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'blockquote',
  'strong',
  'em',
  'del',
  'sup',
  'sub',
  'a',
  BLOCKED_IMAGE,
  'code',
  'pre',
  'ul',
  'ol',
  'li',
  'input',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'section',
];

// Streamdown's own list starts with a parser for raw HTML and ends with an open door ("*"): neither is taken over.
const { sanitize, harden } = defaultRehypePlugins;
if (!sanitize || !Array.isArray(harden))
  throw new Error('Streamdown has other plugins now: look at its safe setting again.');

type Pluggable = NonNullable<StreamdownProps['rehypePlugins']>[number];
const hardened = [
  harden[0],
  {
    allowedLinkPrefixes: ['*'],
    allowedProtocols: [],
    linkBlockPolicy: 'text-only',
    allowedImagePrefixes: [],
  },
] as Pluggable;

// `~5 km` and `~/.config` are no pairs of marks: only two tildes strike through.
const { gfm, ...otherRemarkPlugins } = defaultRemarkPlugins;
if (!Array.isArray(gfm)) throw new Error('Streamdown has other plugins now: look at its safe setting again.');
const strict = [gfm[0], { singleTilde: false }] as Pluggable;

const SETTING = {
  components,
  remarkPlugins: [strict, remarkCjkFriendly, ...Object.values(otherRemarkPlugins), addressEnds, lineBreaks],
  rehypePlugins: [sanitize, withoutImages, hardened, directions],
  allowedElements: ELEMENTS,
  unwrapDisallowed: true,
  controls: false,
  linkSafety: { enabled: false },
} satisfies StreamdownProps;

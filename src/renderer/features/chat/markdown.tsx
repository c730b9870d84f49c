// The text of an answer: Markdown once its renderer is there, plain text until then and whenever it fails.
import type { ReactNode } from 'react';
import { Component, lazy, memo, Suspense } from 'react';
import type { RichTextProps } from './rich-text.tsx';

const load = () => import('./rich-text.tsx');
const RichText = lazy(load);

/** Fetches the renderer while an answer is still to come, so that its first words are not shown twice. */
export function preloadMarkdown(): void {
  // A failure shows again, and is dealt with, when it is needed.
  load().catch(() => undefined);
}

/** Rendered again only when its own text changes. */
export const Markdown = memo(function Markdown(props: RichTextProps) {
  const plain = (
    <div className={props.isStreaming ? 'prose is-streaming' : 'prose'}>
      <p className="plain">{props.text}</p>
    </div>
  );
  return (
    <PlainWhenBroken plain={plain}>
      <Suspense fallback={plain}>
        <RichText {...props} />
      </Suspense>
    </PlainWhenBroken>
  );
});

/** Text that the renderer cannot take must not take the chat with it. */
class PlainWhenBroken extends Component<{ plain: ReactNode; children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? this.props.plain : this.props.children;
  }
}

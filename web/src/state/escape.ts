/** Escape closes the topmost thing that is open, one at a time. */

type Close = () => void;

const open: Close[] = [];

function onKey(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented) return;
  const top = open.at(-1);
  if (top === undefined) return;
  event.preventDefault();
  top();
}

/** Registers something that is open now; the returned function takes it off again. */
export function onEscape(close: Close): () => void {
  if (open.length === 0) window.addEventListener('keydown', onKey);
  open.push(close);
  return () => {
    const at = open.lastIndexOf(close);
    if (at >= 0) open.splice(at, 1);
    if (open.length === 0) window.removeEventListener('keydown', onKey);
  };
}

// Files up and down. The token that opens them travels in a header, as an address would be written into logs.

const LARGEST_CHECKPOINT = 16 * 2 ** 20;  // bytes

class TransferProblem extends Error {}  // its message is the name of a fault

async function uploadCheckpoint(file) {
  if (file.size > LARGEST_CHECKPOINT) throw new TransferProblem('upload_large');
  const headers = { 'X-Name': encodeURIComponent(file.name) };
  const request = fetch(addressOf('training/checkpoint'), { method: 'POST', headers, body: file });
  const answer = await request.catch(() => undefined);
  if (!answer) throw new TransferProblem('lost');
  const { token } = await answer.json().catch(() => ({}));
  if (token) return token;
  throw new TransferProblem({ 413: 'upload_large', 429: 'busy', 503: 'busy' }[answer.status] ?? 'upload');
}

async function saveFile(token, kind) {
  const request = fetch(addressOf(`training/file?kind=${kind}`), { headers: { 'X-Run': token } });
  const answer = await request.catch(() => undefined);
  if (!answer) throw new TransferProblem('lost');
  if (!answer.ok) throw new TransferProblem(answer.status === 404 ? 'gone' : 'busy');
  const blob = await answer.blob();
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition'))?.[1] ?? kind;
  const anchor = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);  // some browsers fetch it after the click returns
}

// The page may live below a path, and Gradio knows which.
const addressOf = (path) => `${(window.gradio_config?.root ?? '').replace(/\/$/, '')}/${path}`;

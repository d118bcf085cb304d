// A tab's side of the border: what arrives at a port is asked of the tab's member (member.js).
//
// What is to be said at the same moment goes as one message, in both directions: a list.
import { packError } from './engine-host.js';
import { Member } from './member.js';
import { soon } from './session-parts.js';

// How long a commit waits, at most, for those who may want to share it: a page may be busy with other things.
const gatherMsMax = 2;

// What may be handed over instead of copied: the bytes of an answer.
function transfersOf({ answer }) {
  if (answer instanceof Uint8Array) return [answer.buffer];
  return (answer?.batches ?? []).map((batch) => batch.buffer); // A summary is small: copied.
}

// port: postMessage and onmessage, as of a worker or a MessagePort. more: what cannot be sent to a
// worker, in tests.
export function serve(port, more = {}) {
  let member = null;
  let replies = []; // Those that go out next.
  let atWork = 0; // Requests without a reply.
  let heard = null; // Called when the page has heard what was said.
  let haveModule;
  const module = new Promise((resolve) => { haveModule = resolve; }); // What a page compiles for its worker.

  const gather = () => (atWork === 0 ? undefined : new Promise((resolve) => {
    const timer = setTimeout(() => heard?.(), gatherMsMax);
    heard = () => {
      clearTimeout(timer);
      heard = null;
      resolve();
    };
  }));
  const send = () => {
    const all = replies;
    replies = [];
    port.postMessage(all.length === 1 ? all[0] : all, all.flatMap(transfersOf));
    // The page answers it after it heard the above, and said what it wanted to say upon it.
    if (heard) port.postMessage({ isHeard: true });
  };
  const perform = async ({ method, given }) => {
    if (method === 'open') {
      member = new Member({ ...given, wasm: given.wasm ?? module, ...more, gather, onRole: (role) => port.postMessage({ role }) });
      await member.open();
      return { answer: { role: member.role } };
    }
    if (method === 'close') {
      await member?.close();
      member = null;
      return { answer: null };
    }
    if (!member) throw new Error('the databases are closed');
    return member.request(method, given);
  };
  const answer = async (request) => {
    let reply;
    ++atWork;
    try {
      reply = await perform(request);
    } catch (error) {
      reply = { error: packError(error) };
    }
    --atWork;
    if (replies.push({ id: request.id, ...reply }) === 1) soon(send);
  };
  port.onmessage = ({ data }) => {
    if (data.isHeard) heard?.();
    else if (data.module) haveModule(data.module);
    else for (const request of Array.isArray(data) ? data : [data]) void answer(request);
  };
}

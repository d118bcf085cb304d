// A tab's side of the border: what arrives at a port is asked of the tab's member (member.js).
import { packError } from './engine-host.js';
import { Member } from './member.js';

// What may be handed over instead of copied: the bytes of an answer.
function transfersOf(answer) {
  if (answer instanceof Uint8Array) return [answer.buffer];
  return (answer?.batches ?? []).map((batch) => batch.buffer);
}

// port: postMessage and onmessage, as of a worker or a MessagePort. more: what cannot be sent to a
// worker, in tests.
export function serve(port, more = {}) {
  let member = null;
  const perform = async ({ method, given }) => {
    if (method === 'open') {
      member = new Member({ ...given, ...more, onRole: (role) => port.postMessage({ role }) });
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
  port.onmessage = async ({ data }) => {
    let reply;
    try {
      reply = await perform(data);
    } catch (error) {
      reply = { error: packError(error) };
    }
    port.postMessage({ id: data.id, ...reply }, transfersOf(reply.answer));
  };
}

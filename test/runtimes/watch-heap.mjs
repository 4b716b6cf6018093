// Asks a V8 inspector for an isolate's memory until it goes away, and prints the most there was: the heap and the
// array buffers outside it, WebAssembly's memory among them, in bytes. Needs Node 22, which has WebSocket.
//
//   node watch-heap.mjs http://127.0.0.1:PORT

import process from 'node:process';

const [{ webSocketDebuggerUrl }] = await (await fetch(`${process.argv[2]}/json`)).json();
const socket = new WebSocket(webSocketDebuggerUrl);
let most = 0;
let asked = 0;
const ask = () => socket.send(JSON.stringify({ id: ++asked, method: 'Runtime.getHeapUsage' }));

socket.onopen = ask;
socket.onmessage = ({ data }) => {
  const { result } = JSON.parse(data);
  if (!result) return;
  most = Math.max(most, result.totalSize + result.embedderHeapUsedSize + result.backingStorageSize);
  setTimeout(ask, 20);
};
socket.onclose = () => console.log(most);
socket.onerror = () => {};

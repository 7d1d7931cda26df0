import { AbstractMessageReader, AbstractMessageWriter, type DataCallback, type Disposable, type Message, type MessageReader, type MessageWriter } from 'vscode-jsonrpc/browser';

/** An open WebSocket of the browser as the two halves of a JSON-RPC connection. */
export function browserStreams(socket: WebSocket): { reader: MessageReader; writer: MessageWriter } {
  return { reader: new BrowserReader(socket), writer: new BrowserWriter(socket) };
}

class BrowserReader extends AbstractMessageReader {
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.socket = socket;
    socket.addEventListener('close', () => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    const onMessage = (message: MessageEvent) => callback(JSON.parse(String(message.data)) as Message);
    this.socket.addEventListener('message', onMessage);
    return { dispose: () => this.socket.removeEventListener('message', onMessage) };
  }
}

class BrowserWriter extends AbstractMessageWriter {
  private readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.socket = socket;
    socket.addEventListener('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(new Error('The connection is closed'));
    this.socket.send(JSON.stringify(message));
    return Promise.resolve();
  }

  end(): void {}
}

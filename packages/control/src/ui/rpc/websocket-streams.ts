import { AbstractMessageReader, AbstractMessageWriter, type DataCallback, type Disposable, type Message, type MessageReader, type MessageWriter } from 'vscode-jsonrpc/node';
import type { WebSocket } from 'ws';

/** A WebSocket as the two halves of a JSON-RPC connection: one message a frame. */
export function webSocketReader(socket: WebSocket): MessageReader {
  return new WebSocketReader(socket);
}

export function webSocketWriter(socket: WebSocket): MessageWriter {
  return new WebSocketWriter(socket);
}

class WebSocketReader extends AbstractMessageReader {
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.socket = socket;
    socket.on('error', (error) => this.fireError(error));
    socket.once('close', () => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    const onMessage = (data: Buffer, isBinary: boolean) => {
      const message = isBinary ? undefined : parse(data.toString('utf8'));
      if (message) callback(message);
      else this.socket.close(1003);
    };
    this.socket.on('message', onMessage);
    return { dispose: () => this.socket.off('message', onMessage) };
  }
}

class WebSocketWriter extends AbstractMessageWriter {
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.socket = socket;
    socket.once('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): void {}
}

function parse(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && 'jsonrpc' in value ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

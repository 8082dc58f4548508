/**
 * Timers in a worker: browsers slow down the timers of hidden pages to one a minute, and cases
 * would be taken from an agent who only looks into another tab.
 */

interface Order {
  id: number;
  ms: number;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  postMessage(id: number): void;
};

scope.onmessage = ({ data }) => {
  setTimeout(() => scope.postMessage(data.id), data.ms);
};

export {};

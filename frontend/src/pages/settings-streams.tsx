import { StreamsPanel } from '../components/streams-panel.js';

export function StreamsSection() {
  return (
    <>
      <title>Streams · Secateur</title>
      <StreamsPanel />
    </>
  );
}

// Trains the churn learner on a table and prints how well it forecasts rows it has not seen, as one JSON object:
// `pnpm train --csv FILE --target COLUMN --positive VALUE`. Progress goes to standard error. See docs/model.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { must, root, toolEnvironment } from './run.mjs';

try {
  // Its threads run plain JavaScript.
  await must('tsc', ['-b', 'models']);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const train = spawn(
  process.execPath,
  [join(root, 'models', 'dist', 'train-command.js'), ...process.argv.slice(2)],
  // File names are meant from where the command was typed.
  {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: toolEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit'],
  },
);
// Ctrl-C reaches it through the terminal.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => train.kill('SIGTERM'));
train.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
train.on('close', (status) => process.exit(status ?? 1));

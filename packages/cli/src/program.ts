import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import type { GenerateCommandOptions } from './generate-command.ts'
import type { WorkerCommandOptions } from './worker-command.ts'

/** What the command line asks for. */
export interface Actions {
  generate(options: GenerateCommandOptions): Promise<void>
  worker(options: WorkerCommandOptions): Promise<void>
}

/** The command line's grammar and its help. */
export function createProgram(actions: Actions): Command {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  const program = new Command('latent-image')
    .description('Image derivatives that exist as files before they have been made.')
    .version(version)
    .exitOverride()
  program
    .command('generate')
    .description('Generate the files of all source groups, ahead of time.')
    .argument('[patterns...]', 'generators by id, such as profile:avatar or shop:**; all of them where left out')
    .option('-c, --config <file>', 'the config file, instead of looking for one from here upwards')
    .option('--concurrency <number>', 'how many files are in work at a time', positiveInteger, availableParallelism())
    .option('-f, --force', 'make files anew that are there', false)
    .option('-n, --dry-run', 'generate nothing, but tell what would be', false)
    .option('--json', 'print one JSON object per line: one for each file, then a summary', false)
    .option('--ignore-bad-sources', 'exit with 0 if nothing failed but sources that are missing or broken', false)
    .addHelpText('after', '\nExit codes: 0 all went well, 1 something failed, 2 the command or the config is wrong.')
    .action((patterns: string[], options: Omit<GenerateCommandOptions, 'patterns'>) =>
      actions.generate({ ...options, patterns: patterns.length > 0 ? patterns : ['**'] }),
    )
  program
    .command('worker')
    .description('Work on the queue to which the config sends files, until told to end.')
    .option('-c, --config <file>', 'the config file, instead of looking for one from here upwards')
    // One more than there are cores: while one waits for Redis or a disk, none is idle.
    .option(
      '--concurrency <number>',
      'how many files are in work at a time',
      positiveInteger,
      availableParallelism() + 1,
    )
    .option('--drain <seconds>', 'how long what is in work may take after SIGTERM', positiveInteger, 10)
    .addHelpText('after', '\nExit codes: 0 ended as told, 1 it failed, 2 the command or the config is wrong.')
    .action((options: WorkerCommandOptions) => actions.worker(options))
  return program
}

function positiveInteger(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1)
    throw new InvalidArgumentError('Expected a whole number from 1 upwards.')
  return number
}

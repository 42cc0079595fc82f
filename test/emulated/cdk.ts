import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { runCommand } from './run-command.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const CDK = join(ROOT, 'node_modules', '.bin', 'cdk')

/** Outputs by stack, then by name. */
export type Outputs = { readonly [stack: string]: { readonly [name: string]: string } }

export type Cdk = {
  readonly bootstrap: () => Promise<void>
  readonly deploy: (context?: { readonly [name: string]: string }) => Promise<Outputs>
  readonly destroy: () => Promise<void>
}

/** The CDK's command line, as an operator uses it, for one stage. @param dir for what it makes on its way. */
export const cdkIn = (dir: string, env: NodeJS.ProcessEnv, stage: string, account: string): Cdk => {
  const run = (command: string, ...args: ReadonlyArray<string>): Promise<string> =>
    runCommand({
      file: CDK,
      args: [command, '-c', `stage=${stage}`, '--output', join(dir, 'cdk.out'), '--no-notices', '--ci', ...args],
      cwd: ROOT,
      env: { ...env, CDK_DISABLE_CLI_TELEMETRY: '1', FORCE_COLOR: '0' },
    })
  const outputs = join(dir, 'outputs.json')
  return {
    bootstrap: async () => {
      await run('bootstrap', `aws://${account}/${env['AWS_REGION']}`)
    },
    deploy: async (context = {}) => {
      const given = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`])
      await run(
        'deploy',
        '--all',
        '--require-approval',
        'never',
        '--concurrency',
        '4',
        '--outputs-file',
        outputs,
        ...given,
      )
      return JSON.parse(await readFile(outputs, 'utf8'))
    },
    destroy: async () => {
      await run('destroy', '--all', '--force')
    },
  }
}

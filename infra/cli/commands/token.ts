import { type Command, Option } from 'commander'
import type { Role } from '../../../schemas/role.ts'
import { mintToken } from '../instance.ts'
import { type GlobalOptions, parseClient, parseRoles, parseSubject, parseTenant, parseTtl } from '../options.ts'
import { printJson } from '../output.ts'

type Options = GlobalOptions & {
  readonly tenant: string
  readonly role: ReadonlyArray<Role>
  readonly subject: string
  readonly client?: string
  readonly ttl: number
}

/** `token --tenant T --role R[,R]` */
export const addToken = (program: Command): void => {
  program
    .command('token')
    .description('print a bearer token of the embedded issuer')
    .requiredOption('--tenant <tenant>', 'the tenant it speaks for', parseTenant)
    .requiredOption('--role <role,…>', 'what its bearer may do', parseRoles)
    .option('--subject <subject>', 'who its bearer is', parseSubject, 'cli')
    .option('--client <id>', 'which application its bearer uses; every commit names it', parseClient)
    .addOption(
      new Option('--ttl <time>', 'how long it is valid: 30s, 15m, 1h, 7d').argParser(parseTtl).default(3_600, '1h'),
    )
    .action(async (_, command: Command) => {
      const { dataDir, json, tenant, role, subject, client, ttl } = command.optsWithGlobals<Options>()
      const token = await mintToken(dataDir, { tenant, subject, roles: role, client }, ttl)
      if (json) printJson({ token, tenant, subject, roles: role, client: client ?? null, expiresIn: ttl })
      else process.stdout.write(`${token}\n`)
    })
}

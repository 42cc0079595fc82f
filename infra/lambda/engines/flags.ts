import type { FlagsPlace } from '../../flags/appconfig.ts'
import type { FLAGS, Told } from '../environment.ts'

/** Where the flags of a stage are. */
export const flagsPlaceOf = (told: Told<(typeof FLAGS)[number]>): FlagsPlace => ({
  application: told.DAYBOOK_FLAGS_APPLICATION,
  environment: told.DAYBOOK_FLAGS_ENVIRONMENT,
  profile: told.DAYBOOK_FLAGS_PROFILE,
})

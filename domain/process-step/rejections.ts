export type ProcessStepRejection = { readonly _tag: 'StepIsSetAside' } | { readonly _tag: 'StepNotSetAside' }

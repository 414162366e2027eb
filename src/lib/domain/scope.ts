/** Which patients the asker may see; a mandatory argument of every question. Everyone, until roles land. */
export type Scope = { kind: 'everyone' };

/** Every patient. */
export const everyone: Scope = { kind: 'everyone' };

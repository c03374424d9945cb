/** As what a view shows a node. `CONTEXT`: only because of what is below it. */
export const Role = { ABSENT: 0, CONTEXT: 1, LIVE: 2, GHOST: 3 } as const;
export type Role = (typeof Role)[keyof typeof Role];

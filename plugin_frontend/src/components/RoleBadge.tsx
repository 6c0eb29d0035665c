/** A model's role in the distillation, in words. */

import type { Role } from "../api/types";

export function RoleBadge({ role }: { role: Role | null }) {
  return role === null ? null : <span class={`badge badge-${role}`}>{role}</span>;
}

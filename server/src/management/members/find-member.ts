import type { Member } from "@lanyard/contract";
import type { Reader } from "../../database/database.ts";
import { AppError, notFound } from "../../errors.ts";
import { listMembers } from "./list-members.ts";

/** The member, whose owner's role may be taken away only while there is another owner. */
export async function findReplaceable(
  reader: Reader,
  projectId: string,
  accountId: string,
  staysOwner: boolean,
): Promise<Member> {
  const members = await listMembers(reader, projectId);
  const member = members.find((candidate) => candidate.accountId === accountId);
  if (!member) throw notFound("member");
  const others = members.filter(({ role, accountId: id }) => role === "owner" && id !== accountId);
  if (member.role === "owner" && !staysOwner && others.length === 0)
    throw new AppError("in-use", "A project keeps at least one owner; make somebody else an owner first.");
  return member;
}

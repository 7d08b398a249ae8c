import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { InvitationPage } from "../../features/session/invitation-page.tsx";
import { SetupPage } from "../../features/session/setup-page.tsx";
import { SignInPage } from "../../features/session/sign-in-page.tsx";

/** The one-time token of a link stands in the fragment, which no server and no log sees. */
function useFragmentToken(): string {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? "");
  return token;
}

export function SignInScreen() {
  const router = useRouter();
  const { return: back } = useSearch({ from: "/sign-in" });
  const target = back?.startsWith("/") && !back.startsWith("//") ? back : "/";
  return <SignInPage onSignedIn={() => router.history.push(target)} />;
}

export function SetupScreen() {
  const navigate = useNavigate();
  const token = useFragmentToken();
  return (
    <SetupPage
      token={token}
      onDone={(project) => void navigate({ to: "/projects/$project/flags", params: { project } })}
    />
  );
}

export function InvitationScreen() {
  const navigate = useNavigate();
  const token = useFragmentToken();
  return (
    <InvitationPage
      token={token}
      onAccepted={(project) => void navigate({ to: "/projects/$project/flags", params: { project } })}
    />
  );
}

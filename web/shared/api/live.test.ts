import { describe, expect, it } from "vitest";
import { EventParser } from "./live";

describe("EventParser.feed", () => {
  it("reads an event cut anywhere", () => {
    const text = ': hello\nid: 7\nevent: dispatch.VisitMoved\ndata: {"visit_id":"a"}\n\n';
    for (let cut = 0; cut < text.length; cut++) {
      const parser = new EventParser();
      const events = [...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))];
      expect(events).toEqual([{ id: "7", name: "dispatch.VisitMoved", data: { visit_id: "a" } }]);
    }
  });
  it("understands CRLF, several data lines and plain text", () => {
    expect(new EventParser().feed("data: one\r\ndata: two\r\n\r\n")).toEqual([
      { id: null, name: "message", data: "one\ntwo" },
    ]);
  });
  it("keeps the last id for resuming and gives resync without data", () => {
    const parser = new EventParser();
    parser.feed("id: 9\ndata: 1\n\n");
    expect(parser.feed("event: resync\n\n")).toEqual([{ id: "9", name: "resync", data: "" }]);
  });
  it("ignores keep-alive comments", () => {
    expect(new EventParser().feed(": ping\n\n: ping\n\n")).toEqual([]);
  });
});

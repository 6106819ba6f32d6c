"""Prints the notes of each MIDI file in a folder as mido reads them: one line of JSON per file.

Called by midi_against_mido.ts. Messages come from mido; each note end belongs to the oldest open
note of its track, channel and pitch; seconds follow the tempo changes of all tracks.
"""

import json
import os
import sys
from bisect import bisect_right
from collections import defaultdict, deque

import mido


def notes_of(path):
    midi = mido.MidiFile(path)
    tempos = {0: 500000}
    open_notes = defaultdict(deque)
    notes = []
    orphans = 0
    for number, track in enumerate(midi.tracks):
        ticks = 0
        for message in track:
            ticks += message.time
            if message.type == "set_tempo":
                tempos[ticks] = message.tempo
            elif message.type in ("note_on", "note_off"):
                key = (number, message.channel, message.note)
                if message.type == "note_on" and message.velocity > 0:
                    open_notes[key].append((message.velocity, ticks))
                elif open_notes[key]:
                    velocity, start = open_notes[key].popleft()
                    notes.append([*key, velocity, start, ticks])
                else:
                    orphans += 1
    starts = sorted(tempos)
    seconds = [0.0]
    for i in range(1, len(starts)):
        step = mido.tick2second(starts[i] - starts[i - 1], midi.ticks_per_beat, tempos[starts[i - 1]])
        seconds.append(seconds[-1] + step)

    def seconds_at(ticks):
        i = bisect_right(starts, ticks) - 1
        return seconds[i] + mido.tick2second(ticks - starts[i], midi.ticks_per_beat, tempos[starts[i]])

    for note in notes:
        note += [seconds_at(note[4]), seconds_at(note[5])]
    stuck = sum(len(waiting) for waiting in open_notes.values())
    return {"notes": notes, "orphans": orphans, "stuck": stuck}


for folder, _, files in sorted(os.walk(sys.argv[1])):
    for file in sorted(files):
        if file.lower().endswith((".mid", ".midi", ".kar")):
            path = os.path.join(folder, file)
            try:
                result = notes_of(path)
            except Exception as error:  # whatever mido finds wrong is a result here
                result = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps({"path": path, **result}), flush=True)
